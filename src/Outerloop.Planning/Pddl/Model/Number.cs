using System.Globalization;
using System.Numerics;

namespace Outerloop.Planning.Pddl;

/// <summary>
/// An exact rational number. Plans are judged by equality and order of sums such as 0.1 + 0.1 + 0.1 = 0.3, which binary
/// floating point gets wrong and a tolerance only blurs.
/// </summary>
public readonly record struct Number : IComparable<Number>
{
    /// <summary>No sane plan needs more bits; repeated scaling could otherwise exhaust memory.</summary>
    private const int MaxBits = 1 << 16;

    private const int MaxLiteralLength = 300;

    private readonly BigInteger numerator;
    private readonly BigInteger denominatorLessOne; // so that default(Number) is 0

    private Number(BigInteger numerator, BigInteger denominator)
    {
        this.numerator = numerator;
        denominatorLessOne = denominator - BigInteger.One;
    }

    public static Number Zero => default;

    public static Number One => new(BigInteger.One, BigInteger.One);

    /// <summary>Whether the number outgrew what is computed exactly.</summary>
    public bool IsTooLarge => numerator.GetBitLength() > MaxBits || denominatorLessOne.GetBitLength() > MaxBits;

    private BigInteger Denominator => denominatorLessOne + BigInteger.One;

    public static Number Of(long value) => new(value, BigInteger.One);

    /// <summary>Reads <c>-?digits[.digits]</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Number number)
    {
        number = default;
        var point = text.IndexOf('.');
        var digits = text.Length - (point < 0 ? text.Length : point + 1);
        if (text.Length is 0 or > MaxLiteralLength || !IsDecimal(text, point))
            return false;
        var whole = point < 0 ? text.ToString() : string.Concat(text[..point], text[(point + 1)..]);
        number = Reduced(BigInteger.Parse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), BigInteger.Pow(10, digits));
        return true;
    }

    public static Number operator +(Number left, Number right) => left.denominatorLessOne.IsZero && right.denominatorLessOne.IsZero
        ? new Number(left.numerator + right.numerator, BigInteger.One)
        : Reduced((left.numerator * right.Denominator) + (right.numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Number operator -(Number value) => new(-value.numerator, value.Denominator);

    public static Number operator -(Number left, Number right) => left + -right;

    public static Number operator *(Number left, Number right) =>
        Reduced(left.numerator * right.numerator, left.Denominator * right.Denominator);

    /// <summary>The quotient; a bug if <paramref name="right"/> is 0, which callers check.</summary>
    public static Number operator /(Number left, Number right) =>
        Reduced(left.numerator * right.Denominator, left.Denominator * right.numerator);

    public static bool operator <(Number left, Number right) => left.CompareTo(right) < 0;

    public static bool operator >(Number left, Number right) => left.CompareTo(right) > 0;

    public static bool operator <=(Number left, Number right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Number left, Number right) => left.CompareTo(right) >= 0;

    public int CompareTo(Number other) => (numerator * other.Denominator).CompareTo(other.numerator * Denominator);

    /// <summary>The nearest double.</summary>
    public double ToDouble() => Quotient(numerator, Denominator);

    /// <summary>The exact decimal notation, or a fraction where there is none.</summary>
    public override string ToString()
    {
        if (denominatorLessOne.IsZero)
            return numerator.ToString(CultureInfo.InvariantCulture);
        var (scale, digits) = (BigInteger.One, 0);
        while (digits < MaxLiteralLength && !(scale % Denominator).IsZero)
            (scale, digits) = (scale * 10, digits + 1);
        if (!(scale % Denominator).IsZero)
            return $"{numerator}/{Denominator}";
        var text = BigInteger.Abs(numerator * (scale / Denominator)).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        return $"{(numerator.Sign < 0 ? "-" : "")}{text[..^digits]}.{text[^digits..]}";
    }

    private static Number Reduced(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsOne)
            return new Number(numerator, denominator);
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        return new Number(numerator / divisor, denominator / divisor);
    }

    /// <summary>
    /// Rounds once, from 62 or 63 bits, of which the last one says whether anything follows; big integers themselves are cut
    /// off when they become doubles, and the parts alone may exceed their range.
    /// </summary>
    private static double Quotient(BigInteger numerator, BigInteger denominator)
    {
        var shift = 62 - (int)(BigInteger.Abs(numerator).GetBitLength() - denominator.GetBitLength());
        var (quotient, rest) = shift >= 0
            ? BigInteger.DivRem(BigInteger.Abs(numerator) << shift, denominator)
            : BigInteger.DivRem(BigInteger.Abs(numerator), denominator << -shift);
        var magnitude = Math.ScaleB((double)((long)quotient | (rest.IsZero ? 0L : 1L)), -shift);
        return numerator.Sign < 0 ? -magnitude : magnitude;
    }

    private static bool IsDecimal(ReadOnlySpan<char> text, int point)
    {
        var unsigned = text[0] == '-' ? text[1..] : text;
        var seen = false;
        for (var i = 0; i < unsigned.Length; i++)
        {
            if (char.IsAsciiDigit(unsigned[i]))
                seen = true;
            else if (unsigned.Length - i != text.Length - point || unsigned[i] != '.')
                return false;
        }

        return seen;
    }
}
