namespace Outerloop.Planning.Pddl.Syntax;

/// <summary>Walks forward through a text and knows the line it is on. CR, LF and CRLF each end a line.</summary>
internal sealed class LineSweep(string text)
{
    /// <summary>1-based number of the current line.</summary>
    public int Number { get; private set; } = 1;

    /// <summary>Offset of the first character of the current line.</summary>
    public int Start { get; private set; }

    /// <summary>Moves to the line that holds <paramref name="offset"/>, which must not lie before the current one.</summary>
    public void AdvanceTo(int offset)
    {
        while (true)
        {
            var length = text.AsSpan(Start).IndexOfAny('\r', '\n');
            if (length < 0)
                return;
            var next = Start + length + 1;
            if (text[next - 1] == '\r' && next < text.Length && text[next] == '\n')
                next++;
            if (offset < next)
                return;
            Start = next;
            Number++;
        }
    }

    public ReadOnlySpan<char> CurrentLine()
    {
        var rest = text.AsSpan(Start);
        var length = rest.IndexOfAny('\r', '\n');
        return length < 0 ? rest : rest[..length];
    }
}
