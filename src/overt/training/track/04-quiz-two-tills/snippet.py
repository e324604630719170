class Till:
    """A till that knows what was sold at it."""

    def __init__(self, sold: list[str] = []) -> None:
        self.sold = sold

    def sell(self, article: str) -> None:
        self.sold.append(article)


left, right = Till(), Till()
left.sell("tea")
right.sell("cake")
print(len(left.sold), len(right.sold))
