"""The real Dockerfile and the real docker-compose.yml in a container engine of the tests' own."""
