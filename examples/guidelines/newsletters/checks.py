"""What publishing has to do."""

import asyncio


def alone(module):
    """One reader, and a program that goes on until the letter is there."""
    sent = []

    async def day():
        there = asyncio.Event()

        async def post(reader):
            sent.append(reader)
            there.set()

        await module.publish(["ann"], post)
        await there.wait()

    asyncio.run(day())
    assert sent == ["ann"]


def together(module):
    """Two letters are on their way at the same time, and the program ends when all is sent."""
    sent = []

    async def day():
        both = asyncio.Barrier(2)

        async def post(reader):
            await both.wait()
            sent.append(reader)

        await module.publish(["ann", "bob"], post)

    asyncio.run(day())
    assert sorted(sent) == ["ann", "bob"]
