"""What if an enterprise's levers stood elsewhere: answered on the spot, as a plan would answer it.

Everything an answer needs is kept when an outlook is published (`keeping`), as Arrow, npz and JSON, and read
back (`kept`); nothing is fitted or forecast when somebody asks (`answering`).
"""
