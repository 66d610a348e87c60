"""A real store that speaks S3, for the tests of attachments."""
