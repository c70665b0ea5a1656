"""What figures of budgets and accounts are of, what adds up to what, and what a report states of them."""
