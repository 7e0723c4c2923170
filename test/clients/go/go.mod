module berth.test/client

go 1.21
