"""The only files that put things together: a service, the worker, the first start."""
