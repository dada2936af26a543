"""The sections of the self-declaration: each makes blocks of the facts, in one language."""
