"""Parts of the running server are killed with `kill -9` under load; then everything is compared one by one."""
