"""The product on Patroni, etcd, HAProxy and PgBouncer, on this machine, and each of them killed (`make cluster`)."""
