"""From a filled-in form to generations that the library holds and the worker sends."""
