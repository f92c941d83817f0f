"""python -m sim is the same as suasion."""

from sim.cli import main

if __name__ == "__main__":
    main()
