-- What an outbox sends is a message, in alarms as elsewhere. Events of before keep what they say, and are read as it.

update run_alarms set kind = 'MESSAGE_DOES_NOT_ARRIVE' where kind = 'WORD_DOES_NOT_ARRIVE';
