"""What jobs do: a function a kind, loaded only in the process that runs the job (`serving.jobs`)."""
