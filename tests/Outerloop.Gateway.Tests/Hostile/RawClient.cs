using System.Net.Sockets;
using System.Text;

namespace Outerloop.Gateway.Tests.Hostile;

/// <summary>Bytes on a connection, as no well-behaved client would send them. Nothing waits for ever.</summary>
internal sealed class RawClient : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _tcp = new() { NoDelay = true };

    private Stream? _stream;

    private RawClient()
    {
    }

    public static async Task<RawClient> Connect(Uri url)
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync(url.Host, url.Port).WaitAsync(Patience);
        client._stream = client._tcp.GetStream(); // it cannot be had later, if the server has closed the connection by then
        return client;
    }

    /// <summary>All that a server answers to some bytes, to the end of the connection.</summary>
    public static async Task<string> Exchange(Uri url, string bytes)
    {
        using RawClient client = await Connect(url);
        await client.Send(bytes);
        return await client.ReadToEnd();
    }

    /// <param name="bytes">One for each character.</param>
    public Task Send(string bytes) => _stream!.WriteAsync(Encoding.Latin1.GetBytes(bytes)).AsTask().WaitAsync(Patience);

    /// <summary>The same where the server may have closed the connection under it.</summary>
    public async Task TrySend(string bytes)
    {
        try
        {
            await Send(bytes);
        }
        catch (IOException)
        {
            // What it has answered is what matters.
        }
    }

    /// <summary>Also where the server resets the connection after its answer.</summary>
    public async Task<string> ReadToEnd()
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[1 << 14];
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (await _stream!.ReadAsync(buffer, patience.Token) is var count and > 0)
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            // What had come before counts.
        }

        return text.ToString();
    }

    public void Dispose() => _tcp.Dispose();
}
