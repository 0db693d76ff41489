using System.Globalization;
using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Dashboard;

/// <summary>The parameters of an address, each with its bounds. One that is empty is absent, as forms send it.</summary>
internal readonly struct QueryParameters(HttpRequest request)
{
    private const int LongestText = 200;

    /// <exception cref="ApiException">It is there twice, too long, or no text.</exception>
    public string? Text(string name, int longest = LongestText)
    {
        string?[] values = [.. request.Query[name].Where(value => !string.IsNullOrEmpty(value))];
        if (values.Length > 1)
            throw ApiException.Wrong(name, "is there more than once");
        if (values is not [{ } one])
            return null;
        if (one.Contains('\0', StringComparison.Ordinal))
            throw ApiException.Wrong(name, "holds a character that no text has"); // and that PostgreSQL does not take
        return one.Length > longest ? throw ApiException.Wrong(name, $"must be of at most {longest} characters") : one;
    }

    /// <exception cref="ApiException">It is no number, or out of bounds.</exception>
    public int? Whole(string name, int least, int most)
    {
        if (Text(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw ApiException.Wrong(name, $"must be a whole number between {least} and {most}");
    }

    /// <exception cref="ApiException">It is none of the values.</exception>
    public T? Choice<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
            return null;
        foreach (T value in Enum.GetValues<T>())
        {
            if (DashboardJson.Code(value) == text)
                return value;
        }

        throw ApiException.Wrong(name, $"must be one of {string.Join(", ", Enum.GetValues<T>().Select(DashboardJson.Code))}");
    }
}
