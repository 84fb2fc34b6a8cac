module facefusion/approval

go 1.26
