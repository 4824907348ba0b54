"""Speed and quality, as tables. Nothing here is asserted by the tests."""
