"""Tables, forms and editors of registers, for every screen that shows rows of one."""
