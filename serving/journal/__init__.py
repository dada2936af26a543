"""What Zhuoyue writes into the journal by itself, how that is read, and all that it is checked against."""
