"""The rules: one file for one chapter of docs/model.md, pure functions of arrays and the acts made of them."""
