"""`python -m serving` is `zhuoyue`."""

from serving.main import main

if __name__ == "__main__":
    main()
