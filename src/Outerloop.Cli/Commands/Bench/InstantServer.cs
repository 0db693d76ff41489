using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>A server with OpenAI's chat completions that has every answer ready: what is measured against it is the client.</summary>
internal sealed class InstantServer : IDisposable
{
    public const string Model = "instant";

    private static readonly byte[] HeadersEnd = "\r\n\r\n"u8.ToArray(), NamePrefix = "(problem task-"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[][] _answers;
    private readonly byte[] _models;

    /// <param name="plans">By the number in the problem's name, <c>task-N</c>.</param>
    public InstantServer(IEnumerable<string> plans)
    {
        _models = Response($$"""{"data":[{"id":"{{Model}}","owned_by":"outerloop"}]}""");
        _answers = [.. plans.Select(plan => Response($$$"""{"id":"chatcmpl-1","object":"chat.completion","model":"{{{Model}}}","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"```\n{{{plan.Replace("\n", "\\n", StringComparison.Ordinal)}}}\n```"}}],"usage":{"prompt_tokens":500,"completion_tokens":60}}"""))];
        _listener.Start(512);
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");
        _ = Accept();
    }

    public Uri Url { get; }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private static byte[] Response(string json) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}"));

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return; // the end of the measurement
        }
    }

    private async Task Serve(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            byte[] buffer = new byte[1 << 16];
            int length = 0;
            try
            {
                while (await socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token) is var read and > 0)
                {
                    length += read;
                    if (Request(buffer.AsSpan(0, length)) is not { } whole)
                        continue;
                    await socket.SendAsync(Answer(buffer.AsSpan(0, whole)), _stop.Token);
                    buffer.AsSpan(whole, length - whole).CopyTo(buffer);
                    length -= whole;
                }
            }
            catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return; // the client is gone, or the measurement is over
            }
        }
    }

    /// <summary>How long the request is that begins here; null while it is not all here.</summary>
    private static int? Request(ReadOnlySpan<byte> received)
    {
        int end = received.IndexOf(HeadersEnd);
        if (end < 0)
            return null;
        int at = received[..end].IndexOf("Content-Length: "u8);
        int body = at < 0 ? 0 : int.Parse(received[(at + "Content-Length: ".Length)..end].UpTo((byte)'\r'), CultureInfo.InvariantCulture);
        int whole = end + HeadersEnd.Length + body;
        return received.Length >= whole ? whole : null;
    }

    private byte[] Answer(ReadOnlySpan<byte> request)
    {
        int at = request.IndexOf(NamePrefix);
        return at < 0 ? _models : _answers[int.Parse(request[(at + NamePrefix.Length)..].UpTo((byte)')'), CultureInfo.InvariantCulture)];
    }
}

internal static class Bytes
{
    /// <summary>The bytes before the first of a kind.</summary>
    public static ReadOnlySpan<byte> UpTo(this ReadOnlySpan<byte> bytes, byte end) => bytes.IndexOf(end) is var at and >= 0 ? bytes[..at] : bytes;
}
