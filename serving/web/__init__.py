"""The API and the pages: read-only views of the store, the official grade and the published outlook."""
