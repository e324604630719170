"""The environment is left alone; the class took its place."""


class Letters:
    house = ""

    def __init__(self, house):
        Letters.house = house

    def write(self, text):
        return f"{text}\nYours, Cinema {self.house}"
