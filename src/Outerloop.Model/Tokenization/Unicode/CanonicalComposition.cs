using System.Runtime.InteropServices;
using System.Text;

namespace Outerloop.Model.Tokenization.Unicode;

/// <summary>
/// Normalization form C (Unicode, section 3.11): decompose, order marks by combining class, compose. Time is
/// n log n also for a text of marks only.
/// </summary>
internal static class CanonicalComposition
{
    /// <summary>Without surrogates that stand alone; they are no text and come out as U+FFFD.</summary>
    public static string Compose(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (CanonicalTable.Instance.IsUnstable(rune.Value))
                return ComposeUnstable(text);
        }

        return text;
    }

    private static string ComposeUnstable(string text)
    {
        var codes = new List<int>(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
            Decompose(rune.Value, codes);
        SortMarks(CollectionsMarshal.AsSpan(codes));
        int count = ComposePairs(CollectionsMarshal.AsSpan(codes));
        var composed = new StringBuilder(count);
        Span<char> units = stackalloc char[2];
        for (int i = 0; i < count; i++)
            composed.Append(units[..new Rune(codes[i]).EncodeToUtf16(units)]);
        return composed.ToString();
    }

    private static void Decompose(int code, List<int> codes)
    {
        if (CanonicalTable.Instance.TryDecompose(code, out (int First, int Second) parts))
        {
            Decompose(parts.First, codes);
            if (parts.Second != 0)
                Decompose(parts.Second, codes);
        }
        else if (Hangul.TryDecompose(code, out int lead, out int vowel, out int tail))
        {
            codes.AddRange(tail == 0 ? [lead, vowel] : [lead, vowel, tail]);
        }
        else
        {
            codes.Add(code);
        }
    }

    /// <summary>Each run of marks in the order of their classes; marks of one class keep their order.</summary>
    private static void SortMarks(Span<int> codes)
    {
        for (int start = 0; start < codes.Length;)
        {
            int end = start;
            while (end < codes.Length && CanonicalTable.Instance.CombiningClass(codes[end]) != 0)
                end++;
            if (end - start > 1)
                codes[start..end].ToArray().OrderBy(CanonicalTable.Instance.CombiningClass).ToArray().CopyTo(codes[start..]);
            start = end + 1;
        }
    }

    /// <summary>
    /// Joins each code point with the last starter before it where the pair has a composite and nothing between them
    /// blocks it: another starter, or a mark of the same or a higher class.
    /// </summary>
    /// <returns>How many code points remain, at the front of the list.</returns>
    private static int ComposePairs(Span<int> codes)
    {
        int written = 0;
        int starter = -1;
        int lastClass = 0;
        foreach (int code in codes)
        {
            byte combining = CanonicalTable.Instance.CombiningClass(code);
            bool adjacent = starter == written - 1;
            if (starter >= 0 && (adjacent || lastClass < combining) && TryCompose(codes[starter], code, out int composite))
            {
                codes[starter] = composite;
                continue;
            }

            if (combining == 0)
                starter = written;
            lastClass = combining;
            codes[written++] = code;
        }

        return written;
    }

    private static bool TryCompose(int first, int second, out int composite) =>
        Hangul.TryCompose(first, second, out composite) || CanonicalTable.Instance.TryCompose(first, second, out composite);
}
