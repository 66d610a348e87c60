"""Every SQL statement of intake, beside the function that runs it, and the files of attachments."""
