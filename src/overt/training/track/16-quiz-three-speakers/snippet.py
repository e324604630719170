import asyncio
from contextvars import ContextVar

speaker = ContextVar("speaker", default="nobody")


async def talk(name: str) -> str:
    speaker.set(name)
    await asyncio.sleep(0)
    return speaker.get()


async def evening() -> None:
    heard = await asyncio.gather(talk("Abe"), talk("Ito"))
    print(*heard, speaker.get())


asyncio.run(evening())
