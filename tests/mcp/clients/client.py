"""The Python SDK as a client of ours: lists, searches, reads, and looks at a picture, over HTTP and standard input."""

import asyncio
import sys

from mcp import Client, StdioServerParameters


async def converse(name, client):
    tools = [tool.name for tool in (await client.list_tools()).tools]
    assert "search_docs" in tools and "read_docs" in tools, tools
    found = await client.call_tool("search_docs", {"query": "how do I publish a site", "max_tokens": 1000})
    assert not found.is_error, found
    id = next(line[4:] for line in found.content[0].text.splitlines() if line.startswith("id: "))
    read = await client.call_tool("read_docs", {"id": id})
    assert f"id: {id}" in read.content[0].text, read
    picture = None
    for page in range(1, 40):
        shown = await client.call_tool("get_page_image", {"id": "bookshelf/v1/developer-guide/", "page": page})
        if not shown.is_error and shown.content[1].type == "image":
            picture = shown.content[1].mime_type
            break
    assert picture == "image/png", picture
    resources = (await client.list_resources()).resources
    content = await client.read_resource(str(resources[0].uri))
    assert content.contents[0].text, content
    refused = await client.call_tool("read_docs", {"id": "../../etc/passwd"})
    assert refused.is_error, refused
    print(f"python: {name}: {len(tools)} tools, {len(resources)} resources, read {id}, picture {picture}")


async def main(url, program, site):
    async with Client(url) as client:
        await converse("http", client)
    parameters = StdioServerParameters(command=program, args=["mcp", site])
    async with Client(parameters) as client:
        await converse("stdio", client)


asyncio.run(main(*sys.argv[1:4]))
