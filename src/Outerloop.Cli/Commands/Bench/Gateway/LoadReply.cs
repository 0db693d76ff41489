using System.Buffers;
using System.Globalization;

namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary>What came back to a request.</summary>
/// <param name="First">Until the first of its body.</param>
/// <param name="Whole">Until its end.</param>
/// <param name="Message">The reply in HTTP/1.1 as it came.</param>
internal readonly record struct LoadReply(TimeSpan First, TimeSpan Whole, byte[] Message)
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray(), LastChunk = "\r\n0\r\n\r\n"u8.ToArray();

    /// <summary>Without the head, and without what frames its chunks.</summary>
    public byte[] Body
    {
        get
        {
            ReadOnlySpan<byte> rest = Message.AsSpan(HeadOf(Message));
            if (!IsChunked(Message))
                return rest.ToArray();
            var body = new ArrayBufferWriter<byte>(rest.Length);
            while (rest.IndexOf((byte)'\r') is var line && int.Parse(rest[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var length and > 0)
            {
                body.Write(rest.Slice(line + 2, length));
                rest = rest[(line + 2 + length + 2)..];
            }

            return body.WrittenSpan.ToArray();
        }
    }

    public static bool IsOk(ReadOnlySpan<byte> message) => message.StartsWith("HTTP/1.1 200 "u8);

    /// <summary>Bytes of the head, its empty line included; 0 while it is not all there.</summary>
    public static int HeadOf(ReadOnlySpan<byte> message) => message.IndexOf(HeadEnd) is var at and >= 0 ? at + HeadEnd.Length : 0;

    /// <summary>Whether a message is all there. The chunks' own bytes never look like the last one: JSON has no line breaks of this kind.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> message)
    {
        int head = HeadOf(message);
        if (head == 0)
            return false;
        if (IsChunked(message[..head]))
            return message.EndsWith(LastChunk);
        ReadOnlySpan<byte> name = "Content-Length: "u8;
        return message[..head].IndexOf(name) is var at and >= 0
            && message.Length >= head + int.Parse(message[(at + name.Length)..head].UpTo((byte)'\r'), CultureInfo.InvariantCulture);
    }

    private static bool IsChunked(ReadOnlySpan<byte> message) => message.IndexOf("Transfer-Encoding: chunked\r\n"u8) >= 0;
}
