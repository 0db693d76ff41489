using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Upstreams;

/// <summary>Cuts a stream of server-sent events at its blank lines, whatever pieces it comes in.</summary>
/// <param name="stream">Of events.</param>
/// <param name="longest">Bytes of one event.</param>
internal sealed class EventReader(Stream stream, long longest)
{
    private byte[] _buffer = new byte[1 << 14];
    private int _start, _end;

    /// <summary>The next event, the blank line that ends it included; null at the end. Valid until the next call.</summary>
    /// <exception cref="ApiException">It is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> Next(CancellationToken cancellation)
    {
        for (int seen = _start; ;)
        {
            if (Blank(_buffer.AsSpan(_start, _end - _start), Math.Max(0, seen - _start - 3)) is { } length)
            {
                ReadOnlyMemory<byte> found = _buffer.AsMemory(_start, length);
                _start += length;
                return found;
            }

            MakeRoom();
            seen = _end;
            int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (count == 0)
                return null; // what has no blank line behind it is no event
            _end += count;
        }
    }

    /// <summary>The document in an event's <c>data:</c> line; null if it has none.</summary>
    public static ReadOnlyMemory<byte>? DataOf(ReadOnlyMemory<byte> found)
    {
        int at = found.Span.StartsWith("data:"u8) ? 0 : found.Span.IndexOf("\ndata:"u8) + 1;
        if (at == 0 && !found.Span.StartsWith("data:"u8))
            return null;
        ReadOnlyMemory<byte> data = found[(at + "data:".Length)..];
        int end = data.Span.IndexOf((byte)'\n');
        return data[..end].Trim(" \r"u8);
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end < _buffer.Length)
            return;
        if (_buffer.Length >= longest)
            throw UpstreamFailure.Unreadable("has an event that never ends");
        Array.Resize(ref _buffer, 2 * _buffer.Length);
    }

    /// <summary>Up to and with the first blank line.</summary>
    private static int? Blank(ReadOnlySpan<byte> bytes, int from)
    {
        for (int at = from; at < bytes.Length; at++)
        {
            if (bytes[at] != '\n')
                continue;
            if (bytes[(at + 1)..].StartsWith("\n"u8))
                return at + 2;
            if (bytes[(at + 1)..].StartsWith("\r\n"u8))
                return at + 3;
        }

        return null;
    }
}
