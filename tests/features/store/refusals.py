"""What every refused import has in common."""

import pytest

from features.store import ImportRefused

HEAD = "enterprise_id,product_id,process_id,lot_id,inspected_at,submitted,passed\n"


def refused(store, path):
    """Import `path`, which must be refused and leave the store as it was; return the refusal."""
    before = store.fingerprint()
    with pytest.raises(ImportRefused) as error:
        store.import_paths([path])
    assert error.value.exit_code == 2
    store.refresh()
    assert store.fingerprint() == before
    assert not list((store._records / ".staging").glob("*/*"))
    return error.value
