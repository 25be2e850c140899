from tests.integration.poster.poster_beside import poster, poster_process  # noqa: F401 (fixtures)
