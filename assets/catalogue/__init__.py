"""What the house knows by declaration: sources, indicators and locations, as YAML.

The YAML files here are data; `models` reads and refuses them, `loading` says where a wrong
entry stands. Adding a CBS table or an indicator is an edit here, with no code.
"""

from assets.catalogue.declared import Catalogue, CatalogueError
from assets.catalogue.loading import load_catalogue

__all__ = ["Catalogue", "CatalogueError", "load_catalogue"]
