"""When a person is told of what and in which words, who may be called, and what the postroom refuses."""
