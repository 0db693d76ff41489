using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

public sealed class ServeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly string Base = Path.Combine(AppContext.BaseDirectory, "models", "base");

    [Fact]
    public async Task It_says_where_it_listens_and_what_it_serves_and_ends_at_Ctrl_C()
    {
        using var serve = OuterloopProcess.Start("serve", "--model", Base, "--port", "0", "--json");
        await serve.Speaks();
        serve.Interrupt();

        CliResult result = await serve.End();

        JsonNode said = JsonNode.Parse(result.Output)!;
        Assert.Matches("^http://127\\.0\\.0\\.1:[0-9]+/v1$", said["url"]!.GetValue<string>());
        Assert.Equal("base", Assert.Single(said["models"]!.AsArray())!.GetValue<string>());
        Assert.Equal(130, result.ExitCode);
    }

    [Fact]
    public async Task It_ends_at_Ctrl_C_though_connections_are_idle_and_requests_half_sent()
    {
        using var serve = OuterloopProcess.Start("serve", "--model", Base, "--port", "0", "--json");
        await serve.Speaks();
        var url = new Uri((string)JsonNode.Parse(serve.Said)!["url"]!);
        var clients = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 100; i++)
            {
                var client = new TcpClient();
                clients.Add(client);
                await client.ConnectAsync(url.Host, url.Port).WaitAsync(Patience);
                if (i % 2 == 0)
                    await client.GetStream().WriteAsync("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"u8.ToArray());
            }

            serve.Interrupt();
            Assert.Equal(130, (await serve.End().WaitAsync(Patience)).ExitCode);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task It_says_no_key_whatever_happens_to_requests()
    {
        const string Variable = "OUTERLOOP_TEST_UPSTREAM_KEY", Upstream = "upstream-key-that-nobody-is-to-see";
        using var folder = new TemporaryFolder();
        string[] made = (await OuterloopProcess.Run("serve", "--new-key", "alice")).Output.Split('\n');
        Environment.SetEnvironmentVariable(Variable, Upstream);
        using var serve = OuterloopProcess.Start("serve", "--upstream", "http://127.0.0.1:1/v1", "--upstream-key", Variable, "--keys", folder.Write("keys.yaml", made[1]), "--port", "0", "--json");
        await serve.Speaks();
        using var http = new HttpClient { BaseAddress = new Uri((string)JsonNode.Parse(serve.Said)!["url"]!) };
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {made[0]}");
        foreach (string body in (string[])["{\"model\":\"far\",\"messages\":[]}", "{", "{}"])
        {
            using var content = new StringContent(body, null, "application/json");
            using HttpResponseMessage response = await http.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);
            Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.DoesNotContain(Upstream, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        serve.Interrupt();
        CliResult result = await serve.End().WaitAsync(Patience);

        Assert.StartsWith("ol-", made[0], StringComparison.Ordinal);
        Assert.DoesNotContain(made[0], result.Output + result.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain(Upstream, result.Output + result.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--run, --model or --upstream")]
    [InlineData("--upstream: 'nowhere'", "--upstream", "nowhere")]
    [InlineData("OUTERLOOP_NO_SUCH_KEY", "--upstream", "http://127.0.0.1:1/v1", "--upstream-key", "OUTERLOOP_NO_SUCH_KEY")]
    [InlineData("there is no --upstream", "--model", "models/base", "--upstream-key", "HOME")]
    [InlineData("no-such-folder", "--model", "no-such-folder")]
    [InlineData("no-such-run", "--run", "no-such-run")]
    [InlineData("--host", "--model", "models/base", "--host", "nowhere")]
    [InlineData("--port", "--model", "models/base", "--port", "70000")]
    public async Task Wrong_input_is_said(string said, params string[] arguments)
    {
        CliResult result = await OuterloopProcess.Run(["serve", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.LastMessage, StringComparison.Ordinal);
    }
}
