using System.Diagnostics;
using Outerloop.Gateway.Tests.Support;

namespace Outerloop.Gateway.Tests.Hostile;

/// <summary>Connections that only are there.</summary>
public sealed class IdleConnectionTests
{
    private const int Connections = 10_000;

    /// <summary>Opens so many connections to a port, says when they are there, and goes when its input ends.</summary>
    private const string Opening =
        """
        import resource, socket, sys
        port, count = int(sys.argv[1]), int(sys.argv[2])
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        sockets = []
        for _ in range(count):
            sockets.append(socket.create_connection(("127.0.0.1", port), timeout=30))
        print("open", flush=True)
        sys.stdin.read()
        """;

    [PythonFact]
    public async Task Ten_thousand_idle_connections_keep_nobody_from_being_served_nor_the_gateway_from_ending()
    {
        await using BaseGateway gateway = await BaseGateway.Start();
        var start = new ProcessStartInfo("python3", ["-c", Opening, $"{gateway.Url.Port}", $"{Connections}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process idle = Process.Start(start)!;
        try
        {
            Assert.Equal("open", await idle.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)));
            for (int i = 0; i < 20; i++)
            {
                GatewayReply reply = await gateway.Post("/v1/completions", $"{{\"model\":\"base\",\"prompt\":\"{BaseGateway.Words}\",\"seed\":{i}}}").WaitAsync(RawClient.Patience);
                Assert.Equal(200, reply.Status);
            }

            await gateway.DisposeAsync().AsTask().WaitAsync(RawClient.Patience);
        }
        finally
        {
            idle.Kill();
        }
    }

    [Fact]
    public async Task A_gateway_ends_though_connections_are_idle_streams_open_and_nobody_reads_them()
    {
        using var endless = new EndlessModel();
        await using BaseGateway gateway = await BaseGateway.Start(others: endless);
        string body = $"{{\"model\":\"{EndlessModel.Name}\",\"prompt\":\"{EndlessModel.Words}\",\"temperature\":0,\"stream\":true,\"max_tokens\":1000000}}";
        string request = $"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        var clients = new List<RawClient>();
        try
        {
            for (int i = 0; i < 60; i++)
                clients.Add(await RawClient.Connect(gateway.Url));
            foreach (RawClient client in clients.Take(20))
                await client.Send(request); // and does not read
            foreach (RawClient client in clients.Skip(20).Take(20))
                await client.Send(request[..^10]);
            while (await gateway.UnderWay() < 20)
                await Task.Delay(5);

            await gateway.DisposeAsync().AsTask().WaitAsync(RawClient.Patience);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    /// <summary>A test whose clients are a process of their own.</summary>
    private sealed class PythonFactAttribute : FactAttribute
    {
        public PythonFactAttribute()
        {
            if (!OperatingSystem.IsLinux() || !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "python3"))))
                Skip = "not run: the idle connections are opened by python3 on Linux";
            else if (OpenFiles() is { } limit && limit < Connections + 1000)
                Skip = $"not run: a process may have {limit} files open here, too few for {Connections} connections";
        }

        /// <summary>How many files a process may have open at most; null for any number.</summary>
        private static int? OpenFiles()
        {
            string line = File.ReadLines("/proc/self/limits").Single(limit => limit.StartsWith("Max open files", StringComparison.Ordinal));
            return int.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], out int hard) ? hard : null;
        }
    }
}
