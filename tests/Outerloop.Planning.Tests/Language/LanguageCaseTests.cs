using System.Globalization;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Language;

public sealed class LanguageCaseTests
{
    public static TheoryData<string, string> Cases()
    {
        var all = new TheoryData<string, string>();
        foreach (var file in Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal))
        {
            foreach (var found in LanguageCase.ReadAll(file))
                all.Add(Path.GetFileNameWithoutExtension(file), found.Name);
        }

        return all;
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Language", "Cases");

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_definition_is_followed(string file, string name)
    {
        var found = LanguageCase.ReadAll(Path.Combine(Folder, $"{file}.txt")).Single(c => c.Name == name);

        var verdict = found.Judge();

        Assert.True(found.Expected == Summary(verdict, found.Expected), $"expected {found.Expected}, found {Summary(verdict, "0 0")}: {verdict.Message}");
    }

    /// <summary>The verdict in the words of the cases; the cost of a valid plan only where the case states one.</summary>
    private static string Summary(Verdict verdict, string expected)
    {
        var kind = verdict.Kind.ToString().ToLowerInvariant();
        if (verdict.Kind is VerdictKind.Unsupported || (verdict.IsValid && !expected.Contains(' ', StringComparison.Ordinal)))
            return kind;
        if (verdict.IsValid)
            return $"{kind} {verdict.Cost?.ToString(CultureInfo.InvariantCulture) ?? "-"}";
        return verdict.Step is { } step ? $"{kind} {step} {verdict.Reason}" : $"{kind} {verdict.Reason}";
    }
}
