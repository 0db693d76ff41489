namespace Outerloop.Model.Tokenization.Unicode;

/// <summary>Korean syllables are composed of two or three letters (jamo) by arithmetic (Unicode, section 3.12).</summary>
internal static class Hangul
{
    private const int Syllables = 0xAC00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;

    /// <summary>One before the first tail: a syllable's tail number 0 means that it has none.</summary>
    private const int Tails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TailCount;

    public static bool IsVowelOrTail(int code) => IsVowel(code) || IsTail(code);

    public static bool TryDecompose(int code, out int lead, out int vowel, out int tail)
    {
        int index = code - Syllables;
        lead = Leads + index / (VowelCount * TailCount);
        vowel = Vowels + index / TailCount % VowelCount;
        tail = index % TailCount == 0 ? 0 : Tails + index % TailCount;
        return index is >= 0 and < SyllableCount;
    }

    public static bool TryCompose(int first, int second, out int syllable)
    {
        if (first is >= Leads and < Leads + LeadCount && IsVowel(second))
        {
            syllable = Syllables + ((first - Leads) * VowelCount + second - Vowels) * TailCount;
            return true;
        }

        syllable = first + second - Tails;
        return IsTail(second) && first is >= Syllables and < Syllables + SyllableCount && (first - Syllables) % TailCount == 0;
    }

    private static bool IsVowel(int code) => code is >= Vowels and < Vowels + VowelCount;

    private static bool IsTail(int code) => code is > Tails and < Tails + TailCount;
}
