namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary>
/// So many clients that each send a request when the one before is answered. They take as little of the processors as they can, which
/// they share with the server: requests are bytes before they begin, and replies are read when all is over.
/// </summary>
internal sealed class LoadClients : IDisposable
{
    private readonly Uri _url;
    private readonly LoadClient[] _clients;

    /// <exception cref="OutsideException">Nobody listens.</exception>
    public LoadClients(Uri url, int clients, TimeProvider clock)
    {
        _url = url;
        _clients = [.. Enumerable.Range(0, clients).Select(_ => new LoadClient(url, clock))];
    }

    /// <param name="bodies">Sent in their order; of each the reply, in the same order.</param>
    /// <param name="answered">Is told how many are answered.</param>
    /// <param name="cancellation">Stops all.</param>
    /// <exception cref="OutsideException">The server fails.</exception>
    public async Task<LoadReply[]> Ask(IReadOnlyList<byte[]> bodies, Action<int> answered, CancellationToken cancellation)
    {
        byte[][] requests = [.. bodies.Select(body => LoadClient.Request(_url, body))];
        var replies = new LoadReply[requests.Length];
        int next = -1, done = 0;
        async Task Work(LoadClient client)
        {
            for (int i; (i = Interlocked.Increment(ref next)) < requests.Length;)
            {
                replies[i] = await client.Ask(requests[i], cancellation);
                answered(Interlocked.Increment(ref done));
            }
        }

        await Task.WhenAll(_clients.Select(Work));
        return replies;
    }

    public void Dispose()
    {
        foreach (LoadClient client in _clients)
            client.Dispose();
    }
}
