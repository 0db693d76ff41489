namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>
/// GPT-2's spelling of bytes as visible characters, in which a byte-level vocabulary is written: the printable ones of
/// Latin-1 stand for themselves, the 68 others for U+0100 and up, in order. A space is <c>Ġ</c>, a line feed <c>Ċ</c>.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] OfByte = Alphabet();
    private static readonly Dictionary<char, byte> ToByte = Enumerable.Range(0, 256).ToDictionary(value => OfByte[value], value => (byte)value);

    /// <summary>The bytes that UTF-8 uses; 0xC0, 0xC1 and those from 0xF5 on occur in no text.</summary>
    public static IEnumerable<byte> BytesOfText { get; } =
        [.. Enumerable.Range(0, 256).Where(value => value is not (0xC0 or 0xC1 or >= 0xF5)).Select(value => (byte)value)];

    public static char Letter(byte value) => OfByte[value];

    public static string Spell(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, (letters, source) =>
    {
        for (int i = 0; i < source.Length; i++)
            letters[i] = OfByte[source[i]];
    });

    /// <summary>Null where a character stands for no byte.</summary>
    public static byte[]? Bytes(string token)
    {
        byte[] bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            if (!ToByte.TryGetValue(token[i], out bytes[i]))
                return null;
        }

        return bytes;
    }

    private static char[] Alphabet()
    {
        char next = '\u0100';
        return [.. Enumerable.Range(0, 256).Select(value => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : next++)];
    }
}
