using System.Collections.Immutable;

namespace Outerloop.Gateway.Answers;

/// <summary>
/// Cuts a text before the first of some stop texts that is complete, the longest where several end together, however the text
/// is cut into pieces. What may be the beginning of one is held back until that is known.
/// </summary>
internal sealed class StopText(ImmutableArray<string> stops)
{
    private string _held = "";

    /// <summary>Whether a stop text was found; nothing follows then.</summary>
    public bool Found { get; private set; }

    /// <param name="piece">What comes next.</param>
    /// <param name="last">Whether it is all, so that nothing needs to be held back.</param>
    /// <returns>What is certain to stand before any stop text.</returns>
    public string Append(string piece, bool last)
    {
        if (stops.IsEmpty)
            return piece;
        string text = _held + piece;
        (int Start, int End)[] found = [.. stops.Select(stop => (Start: text.IndexOf(stop, StringComparison.Ordinal), stop.Length))
            .Where(stop => stop.Start >= 0).Select(stop => (stop.Start, stop.Start + stop.Length))];
        Found = found.Length > 0;
        int certain = Found ? found.MinBy(stop => (stop.End, stop.Start)).Start : last ? text.Length : text.Length - LongestBeginning(text);
        _held = text[certain..];
        return text[..certain];
    }

    /// <summary>The length of the longest end of a text that a stop text begins with.</summary>
    private int LongestBeginning(string text)
    {
        for (int length = Math.Min(text.Length, stops.Max(stop => stop.Length) - 1); length > 0; length--)
        {
            if (stops.Any(stop => stop.AsSpan().StartsWith(text.AsSpan(text.Length - length))))
                return length;
        }

        return 0;
    }
}
