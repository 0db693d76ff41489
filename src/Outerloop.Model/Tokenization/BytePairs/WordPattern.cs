using Outerloop.Model.Tokenization.Unicode;

namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>
/// How a text is cut into words before the merges, which never cross a word's border. A pattern is known by its regular
/// expression and scanned by hand over Unicode scalars: in linear time, and beyond the basic plane as a regular
/// expression over scalars would. The words are the whole text.
/// </summary>
internal abstract class WordPattern
{
    public static WordPattern Gpt2 { get; } = new Gpt2Pattern();

    public static WordPattern Qwen2 { get; } = new Qwen2Pattern();

    /// <summary>As tokenizer.json spells it.</summary>
    public abstract string Expression { get; }

    /// <summary>The end of the word that begins at an index.</summary>
    public abstract int WordEnd(ReadOnlySpan<char> text, int start);

    /// <summary>The end of <c>'s|'t|'re|'ve|'m|'ll|'d</c> at an index, or the index itself.</summary>
    protected static int ContractionEnd(ReadOnlySpan<char> text, int start, bool ignoreCase)
    {
        if (text[start] != '\'' || start + 1 == text.Length)
            return start;
        char first = Fold(text[start + 1], ignoreCase);
        if (first is 's' or 't' or 'm' or 'd')
            return start + 2;
        char second = start + 2 < text.Length ? Fold(text[start + 2], ignoreCase) : '\0';
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? start + 3 : start;
    }

    /// <summary>
    /// The end of <c>\s+(?!\S)|\s+</c>: a run of white space without its last character, which belongs to the word that
    /// follows; the whole run where no word follows or it is but one character.
    /// </summary>
    protected static int SpaceEnd(ReadOnlySpan<char> text, int start)
    {
        int end = RunOfSpaceEnd(text, start);
        return end == text.Length || end == start + 1 ? end : end - 1;
    }

    protected static int RunOfSpaceEnd(ReadOnlySpan<char> text, int start)
    {
        int end = start;
        while (end < text.Length && char.IsWhiteSpace(text[end]))
            end++;
        return end;
    }

    /// <summary>The long s is a lower-case form of S; the other letters here have no third form.</summary>
    private static char Fold(char letter, bool ignoreCase) =>
        !ignoreCase ? letter : letter == '\u017F' ? 's' : char.ToLowerInvariant(letter);

    private sealed class Gpt2Pattern : WordPattern
    {
        public override string Expression => @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

        public override int WordEnd(ReadOnlySpan<char> text, int start)
        {
            int contraction = ContractionEnd(text, start, ignoreCase: false);
            if (contraction > start)
                return contraction;
            int first = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
            CharacterClass wordClass = CharacterClasses.At(text, first, out _);
            return wordClass is CharacterClass.Space or CharacterClass.Newline
                ? SpaceEnd(text, start)
                : CharacterClasses.RunEnd(text, first, wordClass);
        }
    }

    private sealed class Qwen2Pattern : WordPattern
    {
        public override string Expression =>
            @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

        public override int WordEnd(ReadOnlySpan<char> text, int start)
        {
            int contraction = ContractionEnd(text, start, ignoreCase: true);
            if (contraction > start)
                return contraction;
            CharacterClass first = CharacterClasses.At(text, start, out int length);
            int second = start + length;
            if (first == CharacterClass.Number)
                return second;
            if (first == CharacterClass.Letter)
                return CharacterClasses.RunEnd(text, start, CharacterClass.Letter);
            if (first != CharacterClass.Newline && CharacterClasses.RunEnd(text, second, CharacterClass.Letter) is var letters && letters > second)
                return letters;
            return PunctuationEnd(text, start) is var punctuation && punctuation > start ? punctuation : LinesEnd(text, start);
        }

        /// <summary>The end of <c> ?[^\s\p{L}\p{N}]+[\r\n]*</c>, or the start.</summary>
        private static int PunctuationEnd(ReadOnlySpan<char> text, int start)
        {
            int first = text[start] == ' ' ? start + 1 : start;
            int end = CharacterClasses.RunEnd(text, first, CharacterClass.Other);
            return end == first ? start : CharacterClasses.RunEnd(text, end, CharacterClass.Newline);
        }

        /// <summary>The end of <c>\s*[\r\n]+|\s+(?!\S)|\s+</c>: a run of white space up to its last line's end, if it has one.</summary>
        private static int LinesEnd(ReadOnlySpan<char> text, int start)
        {
            int end = RunOfSpaceEnd(text, start);
            int newline = text[start..end].LastIndexOfAny('\r', '\n');
            return newline >= 0 ? start + newline + 1 : SpaceEnd(text, start);
        }
    }
}
