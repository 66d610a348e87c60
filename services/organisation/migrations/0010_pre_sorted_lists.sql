-- People in the order of their names.

create index people_in_order_of_names on people (folded_name, id);
