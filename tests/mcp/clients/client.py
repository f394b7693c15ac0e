"""Two Python clients of other people's, the SDK and FastMCP: each lists, searches, reads, and looks at a picture, over
HTTP and over standard input.

    client.py mcp|fastmcp URL PROGRAM SITE
"""

import asyncio
import sys


class Sdk:
    """The official SDK, which speaks the newest revision."""

    def over_http(self, url):
        from mcp import Client

        return Client(url)

    def over_stdio(self, program, site):
        from mcp import Client, StdioServerParameters

        return Client(StdioServerParameters(command=program, args=["mcp", site]))

    async def tools(self, client):
        return [tool.name for tool in (await client.list_tools()).tools]

    async def call(self, client, name, arguments):
        result = await client.call_tool(name, arguments)
        return result.is_error, result.content

    async def resources(self, client):
        return (await client.list_resources()).resources

    async def read(self, client, uri):
        return (await client.read_resource(uri)).contents


class Fast(Sdk):
    """FastMCP, whose client unwraps the lists."""

    def over_http(self, url):
        from fastmcp import Client

        return Client(url)

    def over_stdio(self, program, site):
        from fastmcp import Client
        from fastmcp.client.transports import StdioTransport

        return Client(StdioTransport(command=program, args=["mcp", site]))

    async def tools(self, client):
        return [tool.name for tool in await client.list_tools()]

    async def call(self, client, name, arguments):
        result = await client.call_tool(name, arguments, raise_on_error=False)
        return result.is_error, result.content

    async def resources(self, client):
        return await client.list_resources()

    async def read(self, client, uri):
        return await client.read_resource(uri)


def mime(content):
    return getattr(content, "mime_type", None) or getattr(content, "mimeType", None)


async def converse(name, library, client):
    tools = await library.tools(client)
    assert "search_docs" in tools and "read_docs" in tools, tools

    failed, found = await library.call(client, "search_docs", {"query": "how do I publish a site", "max_tokens": 1000})
    assert not failed, found
    chunk = next(line[4:] for line in found[0].text.splitlines() if line.startswith("id: "))
    failed, read = await library.call(client, "read_docs", {"id": chunk})
    assert not failed and f"id: {chunk}" in read[0].text, read

    picture = None
    for page in range(1, 40):
        asked = {"id": "bookshelf/v1/developer-guide/", "page": page}
        failed, shown = await library.call(client, "get_page_image", asked)
        if not failed and shown[1].type == "image":
            picture = mime(shown[1])
            break
    assert picture == "image/png", picture

    resources = await library.resources(client)
    contents = await library.read(client, str(resources[0].uri))
    assert contents[0].text, contents
    failed, refused = await library.call(client, "read_docs", {"id": "../../etc/passwd"})
    assert failed, refused
    print(f"{name}: {len(tools)} tools, {len(resources)} resources, read {chunk}, picture {picture}")


async def main(which, url, program, site):
    library = {"mcp": Sdk, "fastmcp": Fast}[which]()
    async with library.over_http(url) as client:
        await converse(f"python {which}, http", library, client)
    async with library.over_stdio(program, site) as client:
        await converse(f"python {which}, stdio", library, client)


asyncio.run(main(*sys.argv[1:5]))
