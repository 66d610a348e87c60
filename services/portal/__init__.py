"""The pages for people. They hold who is signed in, and nothing else: what they show and do is asked of the
services' public APIs, as the person who looks at them."""
