"""Runs one job: `python -m serving.acts ID ATTEMPT LEASE`."""

from serving.jobs.child import main
from serving.web.watching.logs import configure

configure()
main()
