"""A second OpenID provider as a process: what a ministry or a company of the province would run."""
