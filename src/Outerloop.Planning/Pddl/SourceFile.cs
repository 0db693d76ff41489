using System.Text;

namespace Outerloop.Planning.Pddl;

/// <summary>Reads files of PDDL and plans; one that cannot be read is an expected failure, located like any other.</summary>
public static class SourceFile
{
    public const string Unreadable = "unreadable";

    /// <summary>In bytes. More than any planning problem has, and what a hostile file can take of memory is a known multiple of it.</summary>
    public const int Largest = 1 << 28;

    /// <summary>
    /// Reads a file as UTF-8, or as UTF-16 where a byte order mark says so; bytes that are neither become U+FFFD, which
    /// every reader here refuses.
    /// </summary>
    public static Reading<SourceText> Read(string path)
    {
        try
        {
            return Bytes(path) is { } bytes
                ? new Reading<SourceText>(new SourceText(path, Decode(bytes.Span)), [])
                : Failed(path, "too-large", $"the file is larger than {Largest >> 20} MiB");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var reason = Directory.Exists(path) ? "it is a folder" : problem.Message.ReplaceLineEndings(" ");
            return Failed(path, Unreadable, $"the file cannot be read: {reason}");
        }
    }

    private static Reading<SourceText> Failed(string path, string code, string message) =>
        new(null, [new Diagnostic(path, 1, 1, code, message, "", 1)]);

    /// <summary>Null where there is too much: pipes and devices do not say how much they have, so reading stops by itself.</summary>
    private static ReadOnlyMemory<byte>? Bytes(string path)
    {
        using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
        if (file.CanSeek && file.Length > Largest)
            return null;
        var bytes = new byte[file.CanSeek ? file.Length + 1 : 1 << 16];
        var length = 0;
        while (file.Read(bytes.AsSpan(length)) is > 0 and var read)
        {
            length += read;
            if (length > Largest)
                return null;
            if (length == bytes.Length)
                Array.Resize(ref bytes, 2 * length);
        }

        return bytes.AsMemory(0, length);
    }

    private static string Decode(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xFE, .. var rest] => Encoding.Unicode.GetString(rest),
        [0xFE, 0xFF, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
        _ => Encoding.UTF8.GetString(bytes),
    };
}
