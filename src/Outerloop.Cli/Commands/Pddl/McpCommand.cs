using System.CommandLine;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary><c>outerloop pddl mcp</c>: check, validate and solve as tools of language-model agents.</summary>
internal static class McpCommand
{
    private const string ServerName = "outerloop-pddl";

    public static Command Create()
    {
        var command = new Command(
            "mcp",
            """
            Serve check, validate and solve to an agent by the Model Context Protocol over standard input and output, until the
            input ends.

            Example (the configuration of an MCP client):
              {"mcpServers": {"pddl": {"command": "outerloop", "args": ["pddl", "mcp"]}}}
            """);
        command.SetAction(async (_, cancellation) =>
        {
            await using var transport = new StdioServerTransport(ServerName);
            await using McpServer server = McpServer.Create(transport, Options());
            await server.RunAsync(cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static McpServerOptions Options() => new()
    {
        ServerInfo = new Implementation { Name = ServerName, Version = typeof(McpCommand).Assembly.GetName().Version!.ToString(3) },
        ToolCollection = [Tool("check", PddlTools.Check), Tool("validate", PddlTools.Validate), Tool("solve", PddlTools.Solve)],
    };

    private static McpServerTool Tool(string name, Delegate method) =>
        McpServerTool.Create(method, new McpServerToolCreateOptions { Name = name, ReadOnly = true, Idempotent = true, OpenWorld = false });
}
