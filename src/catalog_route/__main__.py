"""`python -m catalog_route` is the command `catalog-route`."""

from catalog_route.cli import main

if __name__ == "__main__":
    main()
